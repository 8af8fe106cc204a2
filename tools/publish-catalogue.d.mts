/** The types of publish-catalogue.mjs for the tests that call it. */
export function publishCatalogue(
  client: { query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> },
  text?: string,
): Promise<{ version: number; published: boolean }>;
