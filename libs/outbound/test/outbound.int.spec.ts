import { createServer, request as open, type Server } from 'node:http';
import { isIP, type AddressInfo, type LookupFunction } from 'node:net';

import { readConfig } from '#config';
import { AddressRefused, mayReach, Outbound, pinnedLookup, type Resolve } from '#outbound';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

const at = (OUTBOUND_ALLOW_LOOPBACK: string): Outbound =>
  new Outbound(
    readConfig({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nowhere', OUTBOUND_ALLOW_LOOPBACK }),
  );

describe('a request to an address that somebody else chose', () => {
  let server: Server;
  let port: number;
  let heard = 0;

  beforeAll(async () => {
    server = createServer((request, response) => {
      heard += 1;
      if (request.url === '/redirect')
        response.writeHead(302, { location: `http://127.0.0.1:${port}/secret` }).end();
      else if (request.url === '/endless') response.end(Buffer.alloc(2_000_000, 97));
      else response.end('here');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => {
    heard = 0;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const get = { method: 'GET', headers: {} };

  it('does not reach this machine, by number, by name, or by a name that leads here', async () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f.1', 'revisit.localhost'])
      expect(() => at('false').assertAddress(`https://${host}:${port}/`)).toThrow(AddressRefused);
    expect(heard).toBe(0);
  });

  it('is refused when any address of the name is private', async () => {
    for (const answers of [['127.0.0.1'], ['93.184.216.34', '10.0.0.1'], ['::ffff:169.254.169.254'], []]) {
      const lookup = pinnedLookup(told(answers), (address) => mayReach(address));
      await expect(connect(lookup)).rejects.toBeInstanceOf(AddressRefused);
    }
    expect(heard).toBe(0);
  });

  it('goes to the very address that was looked at: the name is asked for once', async () => {
    let asked = 0;
    const rebinding: Resolve = (host, options, done) => {
      asked += 1;
      told([asked === 1 ? '127.0.0.1' : '10.0.0.1'])(host, options, done);
    };
    const lookup = pinnedLookup(rebinding, (address) => mayReach(address, { allowLoopback: true }));
    expect([await connect(lookup), asked, heard]).toEqual([200, 1, 1]);
  });

  it('does not follow a redirect', async () => {
    const answer = await at('true').send(`http://127.0.0.1:${port}/redirect`, get);
    expect([answer.status, heard]).toEqual([302, 1]);
  });

  it('reads no more than it must', async () => {
    await expect(at('true').send(`http://127.0.0.1:${port}/endless`, get)).rejects.toThrow('too long');
  });

  it('is refused in plain http, but to this machine where that is allowed', async () => {
    expect(() => at('false').assertAddress('http://integrator.example/')).toThrow(AddressRefused);
    expect(() => at('true').assertAddress('http://integrator.example/')).toThrow(AddressRefused);
    expect((await at('true').send(`http://127.0.0.1:${port}/`, get)).body).toBe('here');
  });

  const told =
    (addresses: readonly string[]): Resolve =>
    (_host, _options, done) =>
      done(
        null,
        addresses.map((address) => ({ address, family: isIP(address) })),
      );

  const connect = (lookup: LookupFunction): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const sent = open({ host: 'rebinding.example', port, lookup, agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sent.on('error', reject);
      sent.end();
    });
});
