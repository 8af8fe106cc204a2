const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;

interface Level {
  /** The names an object has so far; null in a list. */
  readonly names: Set<string> | null;
  /** The name or position of the value being read. */
  at: string;
}

/**
 * JSON pointers of fields that stand twice in one object of a valid JSON text, where a parser would keep the last and
 * another reader the first. At most `most`.
 */
export function repeatedNames(json: string, most = 20): string[] {
  const levels: Level[] = [];
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(json); token && found.length < most; token = TOKEN.exec(json)) {
    const [text] = token;
    const level = levels.at(-1);
    if (text === '{') levels.push({ names: new Set(), at: '' });
    else if (text === '[') levels.push({ names: null, at: '0' });
    else if (text === '}' || text === ']') levels.pop();
    else if (text === ',') {
      if (level && level.names === null) level.at = String(Number(level.at) + 1);
    } else if (level?.names && isName(json, TOKEN.lastIndex)) {
      const name = text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1);
      level.at = name.replaceAll('~', '~0').replaceAll('/', '~1');
      if (level.names.has(name)) found.push(levels.map(({ at }) => `/${at}`).join(''));
      level.names.add(name);
    }
  }
  return found;
}

/** Whether a colon follows, so that the string before is a name and no value. */
function isName(json: string, from: number): boolean {
  for (let i = from; ; i += 1) {
    const char = json[i];
    if (char === ':') return true;
    if (char !== ' ' && char !== '\n' && char !== '\r' && char !== '\t') return false;
  }
}
