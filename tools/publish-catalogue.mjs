// Publishes the reviewed clinical catalogue to a database: a changed document becomes the next release.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const DOCUMENT = new URL('../libs/catalogue/data/catalogue.json', import.meta.url);

/** Held while publishing: any number, as long as every copy uses the same. */
const TURN = 7_348_244;

/**
 * Publishes the document as a release unless the newest release already is it, and keeps the product and area rows that
 * records refer to; none is ever removed, since a chart may name it.
 * @param {{ query: (text: string, values?: unknown[]) => Promise<{ rows: any[] }> }} client signed in as the schema's owner
 * @param {string} text the document; that of this checkout when left out
 * @returns {Promise<{ version: number, published: boolean }>} the newest release, and whether this call made it
 */
export async function publishCatalogue(client, text = readFileSync(DOCUMENT, 'utf8')) {
  const checksum = createHash('sha256').update(text).digest('hex');
  const document = JSON.parse(text);
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [TURN]);
    const { rows } = await client.query(
      'SELECT version, checksum FROM catalogue_release ORDER BY version DESC LIMIT 1',
    );
    const newest = rows[0] ?? { version: 0, checksum: null };
    const published = newest.checksum !== checksum;
    const version = published ? newest.version + 1 : newest.version;
    if (published) {
      await client.query(
        'INSERT INTO catalogue_release (version, checksum, document) VALUES ($1, $2, $3::json)',
        [version, checksum, text],
      );
    }
    await keepReferences(client, document);
    await client.query('COMMIT');
    return { version, published };
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

async function keepReferences(client, { products, areas, off_label_examples: examples }) {
  await client.query(
    `INSERT INTO product (id, inn, unit_label)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
     ON CONFLICT (id) DO UPDATE SET inn = excluded.inn, unit_label = excluded.unit_label
       WHERE (product.inn, product.unit_label) IS DISTINCT FROM (excluded.inn, excluded.unit_label)`,
    [products.map(({ id }) => id), products.map(({ inn }) => inn), products.map((one) => one.unit_label)],
  );
  const named = new Map(Object.entries(areas).map(([id, { name }]) => [id, { name, onLabel: true }]));
  for (const { area } of examples) {
    if (!named.has(area)) named.set(area, { name: readable(area), onLabel: false });
  }
  const rows = [...named];
  await client.query(
    `INSERT INTO area (id, name, on_label)
     SELECT * FROM unnest($1::text[], $2::text[], $3::boolean[])
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, on_label = excluded.on_label
       WHERE (area.name, area.on_label) IS DISTINCT FROM (excluded.name, excluded.on_label)`,
    [rows.map(([id]) => id), rows.map(([, { name }]) => name), rows.map(([, { onLabel }]) => onLabel)],
  );
}

/** An area the document only mentions has no name of its own. */
const readable = (id) => id.charAt(0).toUpperCase() + id.slice(1).replaceAll('_', ' ');
