/** Jest's globalTeardown: drops and stops what tools/test-database.mjs made. */
export default async function teardown() {
  await globalThis.stopTestDatabase?.();
}
