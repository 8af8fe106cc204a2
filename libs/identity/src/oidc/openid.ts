import { Outbound } from '#outbound';
import { Injectable } from '@nestjs/common';
import * as openid from 'openid-client';

const SCOPE = 'openid email profile';
const NO_BODY = new Set([204, 205, 304]);

export interface Client {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
  readonly redirectUri: string;
}

/** What must come back unchanged. */
export interface Checks {
  readonly verifier: string;
  readonly nonce: string;
  readonly state: string;
}

/** Whom the provider has shown. */
export interface Subject {
  readonly subject: string;
  readonly verifiedEmail: string | null;
}

/** OpenID Connect, authorization code with PKCE, state and nonce; every request to the provider goes through `Outbound`. */
@Injectable()
export class OpenId {
  constructor(private readonly outbound: Outbound) {}

  /** Where to send the person, and what must come back. */
  async begin(client: Client): Promise<{ url: string; checks: Checks }> {
    const configuration = await this.discover(client);
    const checks = {
      verifier: openid.randomPKCECodeVerifier(),
      nonce: openid.randomNonce(),
      state: openid.randomState(),
    };
    const url = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: client.redirectUri,
      scope: SCOPE,
      code_challenge: await openid.calculatePKCECodeChallenge(checks.verifier),
      code_challenge_method: 'S256',
      nonce: checks.nonce,
      state: checks.state,
    });
    return { url: url.href, checks };
  }

  /** Changes the code for a proved subject; throws when anything about it is not as it should be. */
  async finish(client: Client, checks: Checks, answered: Readonly<Record<string, string>>): Promise<Subject> {
    const configuration = await this.discover(client);
    const callback = new URL(client.redirectUri);
    callback.search = new URLSearchParams(answered).toString();
    const tokens = await openid.authorizationCodeGrant(configuration, callback, {
      pkceCodeVerifier: checks.verifier,
      expectedNonce: checks.nonce,
      expectedState: checks.state,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims) throw new Error('There is no ID token');
    const isTold =
      claims['email'] !== undefined || configuration.serverMetadata().userinfo_endpoint === undefined;
    const told = isTold ? claims : await openid.fetchUserInfo(configuration, tokens.access_token, claims.sub);
    const { email, email_verified: isVerified } = told;
    return {
      subject: claims.sub,
      verifiedEmail: isVerified === true && typeof email === 'string' ? email : null,
    };
  }

  /** What the provider says of itself; its issuer must be the one asked. */
  discover({ issuer, clientId, clientSecret }: Client): Promise<openid.Configuration> {
    const server = this.outbound.assertAddress(issuer);
    const authentication = clientSecret === null ? openid.None() : openid.ClientSecretBasic(clientSecret);
    return openid.discovery(server, clientId, {}, authentication, {
      // Plain http passes `Outbound` only to this machine itself, where development and tests allow it.
      execute: server.protocol === 'http:' ? [openid.allowInsecureRequests] : [],
      [openid.customFetch]: (url, options) => this.#fetch(url, options),
    });
  }

  async #fetch(url: string, { method, headers, body }: openid.CustomFetchOptions): Promise<Response> {
    const sent = body === undefined || body === null ? {} : { body: textOf(body) };
    const answer = await this.outbound.send(url, { method, headers: { ...headers }, ...sent });
    const text = NO_BODY.has(answer.status) ? null : answer.body;
    return new Response(text, { status: answer.status, headers: answer.headers });
  }
}

function textOf(body: openid.FetchBody): string {
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new Error('Only forms are sent to an identity provider');
}
