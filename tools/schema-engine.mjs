#!/usr/bin/env node
// Prisma's schema engine without the native binary that Prisma would download: it speaks the engine's
// JSON-RPC over stdin and stdout, and does the work in @prisma/schema-engine-wasm over a `pg` connection.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const runtime = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));

if (Number(process.versions.node.split('.')[0]) < 26) {
  const child = spawn(runtime, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  child.on('exit', (code) => process.exit(code ?? 1));
} else {
  const options = readArguments(process.argv.slice(2));
  await (options.command ? runCommand(options) : serve(options));
}

/**
 * The engine's command line: `--datamodels <file>…`, `--datasource <json>`, `cli <command>`.
 * @param {string[]} argv
 */
function readArguments(argv) {
  const options = { datamodels: /** @type {string[]} */ ([]), url: '', shadowUrl: '', command: '' };
  for (let i = 0; i < argv.length; i += 1) {
    const value = argv[i + 1] ?? '';
    if (argv[i] === '--datamodels') options.datamodels.push(value);
    if (argv[i] === '--datasource') {
      const datasource = JSON.parse(value);
      options.url = datasource.url ?? '';
      options.shadowUrl = datasource.shadowDatabaseUrl ?? '';
    }
    if (argv[i] === 'cli') options.command = value;
  }
  return options;
}

/** A log line in the shape Prisma parses from stderr. */
function logError(message, code) {
  const fields = { message, ...(code ? { error_code: code } : {}) };
  process.stderr.write(`${JSON.stringify({ level: 'ERROR', fields, target: 'schema_engine::logger' })}\n`);
}

/** `can-connect-to-database` and `create-database`: the two commands Prisma runs outside JSON-RPC. */
async function runCommand({ url, command }) {
  const { default: pg } = await import('pg');
  const { parse } = await import('pg-connection-string');
  const { adminDatabase, knownErrors } = await import('./schema-engine-adapter.mjs');
  const database = parse(url).database ?? 'postgres';
  const client = new pg.Client(
    command === 'create-database' ? adminDatabase(url) : { connectionString: url },
  );
  // Prisma skips the first line of this log.
  process.stderr.write('{"level":"INFO","fields":{"message":"schema engine"},"target":"schema_engine"}\n');
  try {
    await client.connect();
    if (command === 'create-database') await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
    await client.end();
  } catch (error) {
    const { code, message } = knownErrors(error, database);
    logError(message, code);
    process.exitCode = 1;
  }
}

function answer(id, body) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...body })}\n`);
}

function refuse(id, error) {
  const data = { is_panic: false, message: error.message, error_code: error.code ?? null, meta: null };
  answer(id, {
    error: { code: 4466, message: 'An error happened. Check the data field for details.', data },
  });
}

/** Answers JSON-RPC requests, one at a time and in order, until stdin closes. */
async function serve({ datamodels, url, shadowUrl }) {
  let current = /** @type {number | undefined} */ (undefined);
  // The wasm module throws malformed requests outside the promise it returned.
  process.on('uncaughtException', (error) => {
    if (current === undefined) logError(error.message, undefined);
    else refuse(current, error);
    process.exitCode = 1;
    setImmediate(() => process.exit());
  });

  const { migrationAdapter } = await import('./schema-engine-adapter.mjs');
  const adapter = migrationAdapter(url, shadowUrl);
  const files = datamodels.map((path) => [
    path,
    readFileSync(isAbsolute(path) ? path : resolve(path), 'utf8'),
  ]);
  const engine = loadEngine().then((bg) =>
    bg.SchemaEngine.new({ datamodels: files.length > 0 ? files : undefined }, () => {}, adapter),
  );
  engine.catch(() => {});

  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    if (request.method === undefined) continue;
    current = request.id;
    try {
      const method = request.method === 'getDatabaseVersion' ? 'version' : request.method;
      const result = await (await engine)[method](request.params);
      // Prisma prints what the engine asks it to, not the text inside the result.
      if (result?.stdout) answer(request.id, { method: 'print', params: { content: result.stdout } });
      answer(request.id, { result: result ?? null });
    } catch (error) {
      refuse(request.id, error);
    }
    current = undefined;
  }
  process.exit();
}

async function loadEngine() {
  const entry = import.meta.resolve('@prisma/schema-engine-wasm');
  const bg = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const code = readFileSync(new URL('schema_engine_bg.wasm', entry));
  const { instance } = await WebAssembly.instantiate(code, { './schema_engine_bg.js': bg });
  bg['__wbg_set_wasm'](instance.exports);
  instance.exports['__wbindgen_start']();
  return bg;
}
