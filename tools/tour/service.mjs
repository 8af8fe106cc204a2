// Talks to the running service and shows what is said.
import { Obstacle } from '../steps/progress.mjs';

const PASSWORD = 'revisit-demo-2026';
const PEOPLE = {
  desk: { email: 'desk@harley.example', title: 'Receptionist' },
  doctor: { email: 'okafor@harley.example', title: 'Practitioner' },
  admin: { email: 'admin@harley.example', title: 'Admin' },
};

const paint = (code, text) => (process.stdout.isTTY ? `\x1b[${code}m${text}\x1b[0m` : text);

/** A chapter of the tour. @param {string} text */
export const chapter = (text) => console.log(`\n${paint('1;36', `── ${text} `.padEnd(96, '─'))}`);

/** What the reader should see in an answer. @param {string} text */
export const note = (text) => console.log(text.replaceAll(/^/gm, '      '));

/** One person with an open session. */
export class Person {
  constructor(url, title, token, id) {
    Object.assign(this, { url, title, token, id });
  }

  get(path, say) {
    return this.send('GET', path, undefined, say);
  }

  post(path, body = {}, say = '') {
    return this.send('POST', path, body, say);
  }

  put(path, body, say) {
    return this.send('PUT', path, body, say);
  }

  /**
   * Sends a request, prints it with the status, and answers the body. A status that the step does not expect ends the tour.
   * @param {string} say why this person does it
   * @param {number[]} expected
   */
  async send(method, path, body, say, expected = [200, 201, 204]) {
    const began = performance.now();
    const answer = await fetch(`${this.url}/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const ms = Math.round(performance.now() - began);
    const status = paint(answer.ok ? '32' : '33', String(answer.status));
    const shown = decodeURIComponent(path).replaceAll(/([0-9a-f]{8})-[0-9a-f-]{27}/g, '$1…');
    console.log(`\n  ${paint('1', this.title)}: ${say}`);
    console.log(`    ${method} /v1/${shown} → ${status} ${paint('2', `${ms} ms`)}`);
    const read = text === '' ? null : JSON.parse(text);
    if (!expected.includes(answer.status)) {
      throw new Obstacle(
        `The tour expected ${expected.join(' or ')} here. The service said:\n${JSON.stringify(read, null, 2)}`,
      );
    }
    return read;
  }
}

export class Service {
  constructor(url) {
    this.url = url.replace(/\/$/, '');
  }

  async isUp() {
    return fetch(`${this.url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /** Signs in the three people of the demo clinic. */
  async signInAll() {
    const people = {};
    for (const [name, { email, title }] of Object.entries(PEOPLE)) {
      const answer = await fetch(`${this.url}/v1/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password: PASSWORD }),
      });
      const session = await answer.json();
      if (!answer.ok)
        throw new Obstacle(
          `${email} cannot sign in (${session.code}): is this the demo clinic of npm start?`,
        );
      people[name] = new Person(this.url, title, session.token, session.staffId);
    }
    return people;
  }
}
