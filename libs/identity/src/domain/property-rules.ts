/** The answer without these properties of it and of its `items`; whatever is no object stays as it is. */
export function withoutProperties(answer: unknown, properties: readonly string[]): unknown {
  if (typeof answer !== 'object' || answer === null) return answer;
  const seen = Object.entries(answer).filter(([name]) => !properties.includes(name));
  return Object.fromEntries(
    seen.map(([name, value]: [string, unknown]) => [
      name,
      name === 'items' && Array.isArray(value)
        ? value.map((item: unknown) => withoutProperties(item, properties))
        : value,
    ]),
  );
}
