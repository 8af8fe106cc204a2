import document from '../data/catalogue.json' with { type: 'json' };
import type { Catalogue } from './domain/catalogue.js';
import { readCatalogue } from './domain/read-catalogue.js';

let seed: Catalogue | undefined;

/** The catalogue Revisit ships with: what a new clinic's protocols start from. */
export const seedCatalogue = (): Catalogue => (seed ??= readCatalogue(document));

/** The same as the parsed document, for keeping it whole. */
export const seedDocument = (): unknown => document;
