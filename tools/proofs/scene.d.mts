/** The types of scene.mjs for the test that plays a small proof. */
export function clinic(callers: number, tokenHash: string): string;
