import { createHash } from 'node:crypto';

import multipart from '@fastify/multipart';
import {
  applyDecorators,
  createParamDecorator,
  Injectable,
  SetMetadata,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type Type,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { InvalidInput } from './http.errors.js';
import { inputFaults } from './input-guard.js';

const MAX_BYTES = 'revisit:max-upload-bytes';
const ABOUT_BYTES = 64 * 1024;

/** A file as it was sent. What it claims to be is not kept: its type is read from its bytes. */
export interface UploadedFile {
  readonly bytes: Buffer;
  /** Of the bytes, hexadecimal. */
  readonly sha256: string;
}

const uploads = new WeakMap<FastifyRequest, UploadedFile>();

/** The hash of what was uploaded with a request, for whoever compares requests. */
export const uploadedHash = (request: FastifyRequest): string => uploads.get(request)?.sha256 ?? '';

/** Forms with a file are read where a handler takes one, and nowhere else. */
export async function readForms(fastify: FastifyInstance): Promise<void> {
  await fastify.register(multipart);
  fastify.addHook('onRequest', (request, _reply, done) => {
    const isForm = /^multipart\//i.test(request.headers['content-type'] ?? '');
    const takesForm = Reflect.get(request.routeOptions.config, 'takesFile') === true;
    done(isForm && !takesForm ? Object.assign(new Error('No form here'), { statusCode: 415 }) : undefined);
  });
}

/**
 * A handler that takes a form of two parts: `about`, JSON for its `@Body()`, and `file`, for its `@Upload()`. It is read
 * only after the caller has proved who they are and that they may.
 */
export const TakesFile = (about: Type, maxBytes: number): MethodDecorator =>
  applyDecorators(
    RouteConfig({ takesFile: true }),
    SetMetadata(MAX_BYTES, maxBytes),
    UseGuards(UploadGuard),
    ApiConsumes('multipart/form-data'),
    ApiExtraModels(about),
    ApiBody({
      schema: {
        type: 'object',
        required: ['about', 'file'],
        properties: {
          about: { $ref: getSchemaPath(about) },
          file: { type: 'string', format: 'binary', description: `At most ${maxBytes} bytes` },
        },
      },
    }),
  );

/** The file of the form. */
export const Upload = createParamDecorator((_: unknown, context: ExecutionContext): UploadedFile => {
  const file = uploads.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (!file) throw new Error('A handler with @Upload() needs @TakesFile()');
  return file;
});

@Injectable()
export class UploadGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  /** Never says no: it only reads what the guards before it let through. @throws InvalidInput */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const maxBytes = this.reflector.get<number>(MAX_BYTES, context.getHandler());
    const { about, bytes } = await readForm(request, maxBytes);
    const faults = inputFaults(about, 'body');
    if (faults.length > 0) throw new InvalidInput(faults.slice(0, 20));
    request.body = about;
    uploads.set(request, { bytes, sha256: createHash('sha256').update(bytes).digest('hex') });
    return true;
  }
}

async function readForm(
  request: FastifyRequest,
  maxBytes: number,
): Promise<{ about: unknown; bytes: Buffer }> {
  if (!request.isMultipart())
    throw unreadable('', 'Send multipart/form-data with the parts `about` and `file`');
  let about: unknown;
  let bytes: Buffer | undefined;
  const limits = {
    fileSize: maxBytes,
    files: 1,
    fields: 1,
    parts: 2,
    fieldSize: ABOUT_BYTES,
    headerPairs: 20,
  };
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type === 'file' && part.fieldname === 'file') bytes = await part.toBuffer();
      else if (part.type === 'field' && part.fieldname === 'about')
        about = part.valueTruncated ? undefined : part.value;
      else throw unreadable('', 'The form has the parts `about` and `file`, and no other');
    }
  } catch (error) {
    throw error instanceof InvalidInput ? error : tooLargeOrBroken(error, maxBytes);
  }
  if (bytes === undefined || bytes.length === 0)
    throw unreadable('/file', 'This part is required, and not empty');
  if (about === undefined) throw unreadable('/about', 'This part is required');
  return { about: asJson(about), bytes };
}

/** A form's part is JSON when it says so; browsers and command lines often do not say. */
function asJson(about: unknown): unknown {
  const text = typeof about === 'string' ? about : JSON.stringify(about);
  // Bytes that are no UTF-8 have become replacement characters by now.
  if (text.includes('\uFFFD')) throw unreadable('/about', 'This part is not UTF-8');
  try {
    return typeof about === 'string' ? JSON.parse(about, withoutPoison) : about;
  } catch {
    throw unreadable('/about', 'This part must be JSON');
  }
}

function withoutPoison(this: unknown, key: string, value: unknown): unknown {
  if (key === '__proto__' || key === 'constructor') throw new SyntaxError('This key poisons prototypes');
  return value;
}

const unreadable = (pointer: string, detail: string): InvalidInput =>
  new InvalidInput([{ pointer, in: 'body', detail }]);

function tooLargeOrBroken(error: unknown, maxBytes: number): InvalidInput {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'FST_REQ_FILE_TOO_LARGE')
    return unreadable('/file', `A file here has at most ${maxBytes} bytes`);
  if (code === 'FST_INVALID_JSON_FIELD_ERROR') return unreadable('/about', 'This part must be JSON');
  return unreadable('', 'The form cannot be read: it has the parts `about` and `file`, each once');
}
