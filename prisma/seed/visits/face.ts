/** Where the label's points lie on the face map (0–1 from the top left), area by area. */
export interface Point {
  readonly muscle: string;
  readonly side: 'left' | 'right' | 'midline';
  readonly x: number;
  readonly y: number;
}

const mirrored = (muscle: string, places: readonly (readonly [x: number, y: number])[]): Point[] =>
  places.flatMap(([x, y]): Point[] => [
    { muscle, side: 'right', x, y },
    { muscle, side: 'left', x: Math.round((1 - x) * 1000) / 1000, y },
  ]);

const POINTS: Readonly<Record<string, readonly Point[]>> = {
  glabella: [
    { muscle: 'procerus', side: 'midline', x: 0.5, y: 0.36 },
    ...mirrored('corrugator supercilii', [
      [0.46, 0.34],
      [0.41, 0.32],
    ]),
  ],
  forehead: [
    { muscle: 'frontalis', side: 'midline', x: 0.5, y: 0.2 },
    ...mirrored('frontalis', [
      [0.42, 0.19],
      [0.35, 0.2],
    ]),
  ],
  lateral_canthal: mirrored('orbicularis oculi (lateral)', [
    [0.25, 0.38],
    [0.23, 0.41],
    [0.25, 0.44],
  ]),
};

/** @throws Error for an area the demo does not treat */
export function pointsOf(area: string): readonly Point[] {
  const points = POINTS[area];
  if (!points) throw new Error(`The face map of the demo has no ${area}`);
  return points;
}
