/** Jest's globalTeardown: drops and stops what tools/test-database.mjs made. */
export default async function teardown() {
  await /** @type {any} */ (globalThis).stopTestDatabase?.();
}
