/** How the storyboard's thumbnails lie on their sheets. */
export type StoryboardLayout = {
  readonly columns: number;
  readonly rows: number;
  readonly thumbnailWidth: number;
  readonly thumbnailHeight: number;
  readonly everyMs: number;
  readonly thumbnails: number;
};

/** Which sheet, and the thumbnail's top left corner on it in pixels. */
export type ThumbnailPlace = { readonly sheet: number; readonly x: number; readonly y: number };

/** The thumbnail that shows the film at `positionMs`; undefined when there is none. Positions past the ends show the first or last one. */
export function thumbnailAt(layout: StoryboardLayout, positionMs: number): ThumbnailPlace | undefined {
  const perSheet = layout.columns * layout.rows;
  if (perSheet < 1 || layout.everyMs <= 0 || layout.thumbnails < 1) return undefined;
  const wanted = Math.floor(positionMs / layout.everyMs);
  const index = Math.min(Math.max(wanted, 0), layout.thumbnails - 1);
  const onSheet = index % perSheet;
  return {
    sheet: Math.floor(index / perSheet),
    x: (onSheet % layout.columns) * layout.thumbnailWidth,
    y: Math.floor(onSheet / layout.columns) * layout.thumbnailHeight,
  };
}

/** How many sheets the layout fills; URLs beyond that belong to further pathways. */
export function sheetsOf(layout: StoryboardLayout): number {
  return Math.ceil(layout.thumbnails / Math.max(1, layout.columns * layout.rows));
}
