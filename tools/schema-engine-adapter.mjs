// @prisma/adapter-pg as a migration driver: a query adapter with four gaps, closed here.
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  DriverAdapterError,
} from '@prisma/driver-adapter-utils';
import { Pool, types } from 'pg';
import { parse } from 'pg-connection-string';
import { randomUUID } from 'node:crypto';

const CATALOGUE_CHAR = 18;

/**
 * The pieces of a PostgreSQL URL: given a whole URL the adapter would open the real database as its shadow.
 * @param {string} url
 * @returns {import('pg').PoolConfig}
 */
function fieldsOf(url) {
  const { host, port, user, password, database, ssl, options } = parse(url);
  return {
    host: host ?? undefined,
    port: port ? Number(port) : undefined,
    user,
    password,
    database: database ?? undefined,
    options: `-c timezone=UTC ${options ?? ''}`.trim(),
    ...(ssl === undefined ? {} : { ssl }),
  };
}

/** The same server's maintenance database, from where others are created. @param {string} url */
export const adminDatabase = (url) => ({ ...fieldsOf(url), database: 'postgres' });

/** PostgreSQL's and the socket's errors under Prisma's numbers. */
export function knownErrors(error, database) {
  const codes = { '3D000': 'P1003', '28P01': 'P1000', 28000: 'P1010', '42P04': 'P1009' };
  const unreachable = ['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'ECONNRESET'].includes(error.code);
  const code = codes[error.code] ?? (unreachable ? 'P1001' : 'P1011');
  const message =
    code === 'P1003' ? `Database ${database} does not exist` : error.message || error.code || String(error);
  return { code, message };
}

/** Runs a whole script in one message, because a function's body may hold semicolons. */
async function runScript(pool, script) {
  const { rows } = await reporting(() => pool.query(script));
  return rows;
}

/** Errors as the engine expects them from an adapter. */
async function reporting(work) {
  try {
    return await work();
  } catch (error) {
    if (typeof error.code !== 'string' || typeof error.severity !== 'string') throw error;
    const { code, severity, message, detail, column, hint } = error;
    throw new DriverAdapterError({
      kind: 'postgres',
      originalCode: code,
      originalMessage: message,
      code,
      severity,
      message,
      detail,
      column,
      hint,
    });
  }
}

/** Catalogue columns of type "char" are unknown to the adapter: asked for as text, they are named again here. */
function repaired(connection, dispose) {
  const pool = connection.underlyingDriver();
  return Object.assign(connection, {
    executeScript: (script) => runScript(pool, script).then(() => undefined),
    queryRaw: async ({ sql, args, argTypes }) => {
      const chars = new Set();
      const spy = Object.create(connection, {
        performIO: {
          value: async (query) => {
            const result = await Object.getPrototypeOf(connection).performIO.call(connection, query);
            result.fields.forEach((field, i) => {
              if (field.dataTypeID !== CATALOGUE_CHAR) return;
              chars.add(i);
              field.dataTypeID = types.builtins.TEXT;
            });
            return result;
          },
        },
      });
      const answer = await Object.getPrototypeOf(connection).queryRaw.call(spy, { sql, args, argTypes });
      for (const i of chars) answer.columnTypes[i] = ColumnTypeEnum.Character;
      return answer;
    },
    ...(dispose ? { dispose } : {}),
  });
}

/**
 * A migration driver over `pg`.
 * @param {string} url the database to migrate
 * @param {string} shadowUrl an existing empty database to replay migrations in; without one a database is created
 */
export function migrationAdapter(url, shadowUrl) {
  const main = new PrismaPg(fieldsOf(url));
  return bindMigrationAwareSqlAdapterFactory({
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: async () => repaired(await main.connect()),
    connectToShadowDb: async () => {
      if (shadowUrl) return repaired(await new PrismaPg(fieldsOf(shadowUrl)).connect());
      const database = `prisma_shadow_${randomUUID()}`;
      const admin = new Pool(fieldsOf(url));
      await runScript(admin, `CREATE DATABASE "${database}"`);
      const connection = await new PrismaPg({ ...fieldsOf(url), database }).connect();
      const close = connection.dispose.bind(connection);
      return repaired(connection, async () => {
        await close();
        await runScript(admin, `DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
        await admin.end();
      });
    },
  });
}
