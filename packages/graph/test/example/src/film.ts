export type FilmRecord = { readonly id: string; readonly title: string; readonly minutes: number };
