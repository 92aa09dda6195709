/** A picture of the film as measured; `brightness` and `entropy` from 0 to 1, `blur` in pixels of edge width, `colour` from 0 (grey). */
export type ScoredPicture = {
  readonly seconds: number;
  readonly entropy: number;
  readonly brightness: number;
  readonly blur: number;
  readonly colour: number;
};

/** The moment to show on a poster: rich, neither dark nor blown out, sharp, colourful, and not from the titles or the credits. 0 without pictures. */
export function bestMoment(pictures: readonly ScoredPicture[], durationSeconds: number): number {
  const best = pictures.reduce<ScoredPicture | null>(
    (leader, picture) => (leader === null || score(picture, durationSeconds) > score(leader, durationSeconds) ? picture : leader),
    null,
  );
  return best?.seconds ?? 0;
}

function score(picture: ScoredPicture, durationSeconds: number): number {
  const share = durationSeconds > 0 ? picture.seconds / durationSeconds : 0;
  const place = share >= 0.1 && share <= 0.8 ? 1 : 0.7;
  const light = Math.max(0.05, 1 - Math.abs(picture.brightness - 0.45) * 2);
  const sharpness = 1 / (1 + picture.blur / 10);
  return place * light * sharpness * (0.2 + picture.entropy) * (0.5 + Math.min(picture.colour, 0.5));
}
