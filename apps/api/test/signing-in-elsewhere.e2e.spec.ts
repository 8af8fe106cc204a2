import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { aClinic, TEST_PASSWORD, type TestClinic } from '#identity/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Provider } from 'oidc-provider';

import { MailCatcher } from './harness/mail-catcher.js';
import { TestApi, type Answer } from './harness/test-api.js';

const REDIRECT = 'https://app.clinic.example/signed-in';

interface Person {
  readonly email: string;
  readonly email_verified: boolean;
}

/** A real OpenID provider on this machine, where somebody has just signed in as whoever is named. */
class ProviderAtHome {
  readonly people = new Map<string, Person>();
  signedIn = '';

  private constructor(
    readonly issuer: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<ProviderAtHome> {
    // Not above: while it is loaded, it tells on the console that it is none for production.
    const openId = await import('oidc-provider');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const home = new ProviderAtHome(`http://127.0.0.1:${port}`, server);
    const provider = new openId.Provider(home.issuer, {
      clients: [{ client_id: 'revisit', client_secret: 'a-secret-of-the-clinic', redirect_uris: [REDIRECT] }],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false } },
      findAccount: (_: unknown, id: string) => {
        const person = home.people.get(id);
        return person && { accountId: id, claims: () => ({ sub: id, ...person }) };
      },
      interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    });
    const callback = provider.callback();
    server.on('request', (request, response) => {
      const isAsking = request.url?.startsWith('/interaction/') ?? false;
      void (isAsking ? home.#agree(provider, request, response) : callback(request, response));
    });
    return home;
  }

  async #agree(
    provider: Provider,
    request: Parameters<Provider['interactionDetails']>[0],
    response: Parameters<Provider['interactionDetails']>[1],
  ) {
    const { params } = await provider.interactionDetails(request, response);
    const grant = new provider.Grant({ accountId: this.signedIn, clientId: String(params['client_id']) });
    grant.addOIDCScope('openid email profile');
    await provider.interactionFinished(request, response, {
      login: { accountId: this.signedIn },
      consent: { grantId: await grant.save() },
    });
  }

  /** As a browser does: follows the provider's own pages until it is sent back to the clinic's. */
  async visit(url: string, as: string): Promise<Record<string, string>> {
    this.signedIn = as;
    const cookies = new Map<string, string>();
    for (let next = url, hop = 0; hop < 10; hop += 1) {
      const answer = await fetch(next, {
        redirect: 'manual',
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      });
      for (const cookie of answer.headers.getSetCookie()) {
        const [pair = ''] = cookie.split(';');
        cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
      }
      const location = answer.headers.get('location');
      if (location === null) throw new Error(`The provider stopped with ${answer.status}`);
      next = new URL(location, next).href;
      if (next.startsWith(REDIRECT)) return Object.fromEntries(new URL(next).searchParams);
    }
    throw new Error('The provider sends in circles');
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => void this.server.close(() => resolve()));
  }
}

describe('signing in at the clinic’s identity provider', () => {
  let api: TestApi;
  let clinic: TestClinic;
  let provider: ProviderAtHome;
  const begin = (slug = clinic.slug): Promise<Answer> =>
    api.send(null, 'POST', '/v1/sessions/oidc/begin', { body: { clinic: slug } });
  const finish = (body: object): Promise<Answer> => api.send(null, 'POST', '/v1/sessions/oidc', { body });
  const set = (more = {}): Promise<Answer> =>
    api.send({ token: clinic.token.admin }, 'PUT', '/v1/identity-provider', {
      body: {
        issuer: provider.issuer,
        clientId: 'revisit',
        clientSecret: 'a-secret-of-the-clinic',
        redirectUri: REDIRECT,
        vouchesSecondFactor: false,
        ...more,
      },
    });
  const signInAs = async (subject: string): Promise<Answer> => {
    const { body } = await begin();
    return finish({ attempt: body['attempt'], ...(await provider.visit(String(body['url']), subject)) });
  };

  beforeAll(async () => {
    // The provider tells on the console that it is none for production.
    for (const method of ['warn', 'info'] as const)
      jest.spyOn(console, method).mockImplementation(() => undefined);
    [api, provider] = await Promise.all([TestApi.start(), ProviderAtHome.start()]);
    clinic = await aClinic(api.db);
    provider.people.set('ada', { email: clinic.email.prescriber.toUpperCase(), email_verified: true });
    provider.people.set('liar', { email: clinic.email.admin, email_verified: false });
    provider.people.set('stranger', { email: 'stranger@nowhere.example', email_verified: true });
  });
  afterAll(() => Promise.all([api.stop(), provider.stop()]));

  it('is refused alike where no provider is set up and where there is no such clinic', async () => {
    const [here, nowhere] = [await begin(), await begin('no-such-clinic')];
    const { requestId: _, ...one } = here.body;
    const { requestId: __, ...other } = nowhere.body;
    expect([here.status, one]).toEqual([nowhere.status, other]);
    expect(one['code']).toBe('identity_provider_not_found');
  });

  it('is set up by the office only, with a provider that answers, and keeps the secret sealed', async () => {
    const desk = { token: clinic.token.receptionist };
    expect((await api.send(desk, 'PUT', '/v1/identity-provider', { body: {} })).status).toBe(403);
    expect((await set({ issuer: `${provider.issuer}/not-there` })).body['code']).toBe(
      'identity_provider_unusable',
    );
    expect((await set({ issuer: 'https://169.254.169.254' })).body['code']).toBe('address_refused');
    const { status, body } = await set();
    expect([status, body['hasClientSecret'], body['clientSecret']]).toEqual([200, true, undefined]);
    const { rows } = await api.db.admin.query('SELECT p::text FROM identity_provider p');
    expect(JSON.stringify(rows)).not.toContain('a-secret-of-the-clinic');
  });

  it('opens a session for the person whose address the provider has verified, and knows them by subject from then on', async () => {
    const first = await signInAs('ada');
    expect([first.status, first.body['staffId']]).toEqual([201, clinic.actor.prescriber.staffId]);
    provider.people.set('ada', { email: 'renamed@elsewhere.example', email_verified: true });
    const again = await signInAs('ada');
    expect([again.status, again.body['staffId']]).toEqual([201, clinic.actor.prescriber.staffId]);
  });

  it('refuses an address nobody verified, somebody unknown, and somebody deactivated', async () => {
    for (const subject of ['liar', 'stranger']) {
      const { status, body } = await signInAs(subject);
      expect([status, body['code']]).toEqual([401, 'identity_provider_refused']);
    }
    await api.db.admin.query('UPDATE staff SET active = false WHERE id = $1', [
      clinic.actor.prescriber.staffId,
    ]);
    expect((await signInAs('ada')).status).toBe(401);
    await api.db.admin.query('UPDATE staff SET active = true WHERE id = $1', [
      clinic.actor.prescriber.staffId,
    ]);
  });

  it('refuses another’s attempt, another state, a used code and a forged attempt', async () => {
    const [mine, theirs] = [await begin(), await begin()];
    const answered = await provider.visit(String(mine.body['url']), 'ada');
    const refused = { status: 401, code: 'identity_provider_refused' };
    const tell = ({ status, body }: Answer) => ({ status, code: body['code'] });
    expect(tell(await finish({ ...answered, attempt: theirs.body['attempt'] }))).toEqual(refused);
    expect(tell(await finish({ ...answered, attempt: mine.body['attempt'], state: 'other' }))).toEqual(
      refused,
    );
    expect(tell(await finish({ ...answered, attempt: 'v1.00000000.AAAA' }))).toEqual(refused);
    expect((await finish({ ...answered, attempt: mine.body['attempt'] })).status).toBe(201);
    expect(tell(await finish({ ...answered, attempt: mine.body['attempt'] }))).toEqual(refused);
  });

  describe('without passwords', () => {
    const office = () => ({ token: clinic.token.admin });
    const policy = (passwordsAllowed: boolean, caller = office()) =>
      api.send(caller, 'PUT', '/v1/sign-in-policy', {
        body: { requireSecondFactor: false, deskReadsCharts: false, passwordsAllowed },
      });
    const byPassword = (password = TEST_PASSWORD) =>
      api.send(null, 'POST', '/v1/sessions', {
        body: { email: clinic.email.receptionist, password, clinic: clinic.slug },
      });
    const told = ({ status, body }: Answer) => [status, body['code'], body['because']];

    it('is a switch of the office that takes somebody who got in without, at the provider as it is set', async () => {
      const elsewhere = await aClinic(api.db);
      expect(told(await policy(false, { token: elsewhere.token.admin }))).toEqual([
        422,
        'passwords_needed',
        'no-identity-provider',
      ]);
      const notThere = [422, 'passwords_needed', 'not-signed-in-there'];
      expect(told(await policy(false))).toEqual(notThere);
      provider.people.set('max', { email: clinic.email.admin, email_verified: true });
      const first = await signInAs('max');
      expect([first.status, first.body['deviceToken']]).toEqual([201, null]);
      await set();
      expect(told(await policy(false))).toEqual(notThere);
      await signInAs('max');
      expect((await policy(false)).body).toEqual({
        requireSecondFactor: false,
        deskReadsCharts: false,
        passwordsAllowed: false,
      });
    });

    it('refuses the right password, a new one and a reset, and tells of it only who knows the password', async () => {
      expect(told(await byPassword())).toEqual([403, 'passwords_forbidden', undefined]);
      expect(told(await byPassword('wrong'))).toEqual([401, 'sign_in_refused', undefined]);
      const body = { presentPassword: TEST_PASSWORD, newPassword: 'a heron over the quiet marsh' };
      const desk = { token: clinic.token.receptionist };
      expect(told(await api.send(desk, 'PUT', '/v1/profile/password', { body }))).toEqual([
        403,
        'passwords_forbidden',
        undefined,
      ]);
      const mail = new MailCatcher(api);
      await api.send(null, 'POST', '/v1/password-resets', { body: { email: clinic.email.receptionist } });
      const invited = 'new.nurse@clinic.example';
      await api.send(office(), 'POST', '/v1/staff-members', {
        body: { email: invited, displayName: 'New Nurse', roles: ['practitioner'] },
      });
      expect(await mail.linkTo(invited)).toBeNull();
      expect(mail.sent.map(({ to, text }) => [to, text.includes('identity provider')])).toEqual([
        [invited, true],
      ]);
      provider.people.set('nurse', { email: invited, email_verified: true });
      expect((await signInAs('nurse')).status).toBe(201);
    });

    it('keeps the provider everybody depends on, until passwords are allowed again', async () => {
      const needed = [422, 'identity_provider_needed', undefined];
      expect(told(await set({ clientId: 'mistyped' }))).toEqual(needed);
      const remove = () => api.send(office(), 'DELETE', '/v1/identity-provider');
      expect(told(await remove())).toEqual(needed);
      // Left out, the switch stays as it is.
      const left = await api.send(office(), 'PUT', '/v1/sign-in-policy', {
        body: { requireSecondFactor: false, deskReadsCharts: true },
      });
      expect(left.body['passwordsAllowed']).toBe(false);
      expect((await policy(true)).status).toBe(200);
      expect((await byPassword()).status).toBe(201);
      await signInAs('max');
      const [forbidden, removed] = await Promise.all([policy(false), remove()]);
      expect([forbidden.status === 200, removed.status === 204].filter(Boolean)).toHaveLength(1);
    });
  });
});
