import { createServer, type Server } from 'node:http';

/**
 * As much of S3 as the store uses: PUT, GET and DELETE of an object by path, and ListObjectsV2 in pages of two. It keeps
 * objects in memory and asks for a signature without checking it. No maintained S3 server comes as a Node package.
 */
export class S3Server {
  readonly objects = new Map<string, { bytes: Buffer; mediaType: string }>();
  readonly #server: Server;
  /** How many of the next requests fail as a busy store does. */
  failing = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const answer = this.#answer(
          request.method ?? '',
          new URL(request.url ?? '/', 'http://store'),
          Buffer.concat(chunks),
          request.headers,
        );
        response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body);
      });
    });
  }

  static start(): Promise<S3Server> {
    const store = new S3Server();
    return new Promise((resolve) => store.#server.listen(0, '127.0.0.1', () => resolve(store)));
  }

  get endpoint(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('The server does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #answer(
    method: string,
    url: URL,
    body: Buffer,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): { status: number; type: string; body?: Buffer | string } {
    const xml = (status: number, text: string) => ({ status, type: 'application/xml', body: text });
    if (!String(headers['authorization']).startsWith('AWS4-HMAC-SHA256 Credential='))
      return xml(403, '<Error><Code>AccessDenied</Code></Error>');
    if (this.failing > 0) {
      this.failing -= 1;
      return xml(503, '<Error><Code>SlowDown</Code></Error>');
    }
    const [, , ...rest] = url.pathname.split('/');
    const key = rest.map(decodeURIComponent).join('/');
    if (method === 'GET' && url.searchParams.get('list-type') === '2')
      return xml(200, this.#list(url.searchParams));
    const object = this.objects.get(key);
    if (method === 'PUT') {
      this.objects.set(key, { bytes: body, mediaType: String(headers['content-type']) });
      return xml(200, '');
    }
    if (method === 'DELETE') {
      this.objects.delete(key);
      return { status: 204, type: 'application/xml' };
    }
    return object
      ? { status: 200, type: object.mediaType, body: object.bytes }
      : xml(404, '<Error><Code>NoSuchKey</Code></Error>');
  }

  #list(asked: URLSearchParams): string {
    const after = asked.get('continuation-token') ?? '';
    const keys = [...this.objects.keys()]
      .filter((key) => key.startsWith(asked.get('prefix') ?? '') && key > after)
      .toSorted();
    const page = keys.slice(0, 2);
    const more = keys.length > page.length;
    const token = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
    const contents = page.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('');
    return `<ListBucketResult><IsTruncated>${more}</IsTruncated>${token}${contents}</ListBucketResult>`;
  }
}
