/** The types of callers.mjs for the test that plays a small proof. */
export interface Told {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly ms: number;
}

export function callersOf(scene: {
  readonly address: string;
  readonly token: string;
}): (path: string, body?: object) => Promise<Told>;
