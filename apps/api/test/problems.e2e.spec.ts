import { readFile } from 'node:fs/promises';

import { knownRefusals } from '#kernel';
import { describe, expect, it } from '@jest/globals';

import '../src/api.module.js';

describe('docs/problems.md', () => {
  it('has a heading for every refusal the code knows, and none besides', async () => {
    const page = await readFile(new URL('../../../docs/problems.md', import.meta.url), 'utf8');
    const headings = [...page.matchAll(/^## (\S+)$/gm)].map(([, code]) => code);
    const codes = knownRefusals().map(({ code }) => code);
    expect(codes.length).toBeGreaterThan(20);
    expect({
      missing: codes.filter((code) => !headings.includes(code)),
      unknown: headings.filter((code) => !codes.includes(code ?? '')),
    }).toEqual({ missing: [], unknown: [] });
    expect(headings.length).toBe(new Set(headings).size);
  });
});
