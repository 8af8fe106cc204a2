import pg from 'pg';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

interface Listener {
  readonly heard: (payload: string) => void;
  readonly missed: () => void;
}

/**
 * What others tell by NOTIFY, heard on one connection of the process, made at the first use and anew when it breaks.
 * What is told while it is broken is lost, so that listeners are then told to look for themselves.
 */
export class Notifications {
  readonly #listeners = new Map<string, Set<Listener>>();
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #pause = FIRST_PAUSE_MS;
  #closed = false;

  constructor(private readonly connection: Pick<pg.ClientConfig, 'connectionString'>) {}

  /** Calls `heard` with each payload and `missed` whenever the connection was (re)made. Returns how to stop. */
  on(channel: string, heard: Listener['heard'], missed: Listener['missed']): () => void {
    const listener = { heard, missed };
    const present = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, present.add(listener));
    if (!this.#client) void this.#connect();
    else if (present.size === 1)
      void this.#client.query(`LISTEN ${pg.escapeIdentifier(channel)}`).catch(ignore);
    return () => present.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#client?.end().catch(ignore);
  }

  async #connect(): Promise<void> {
    if (this.#closed) return;
    const client = new pg.Client({
      ...this.connection,
      application_name: 'revisit listening',
      connectionTimeoutMillis: 5000,
      keepAlive: true,
    });
    this.#client = client;
    client.on('error', ignore); // an end follows, and with it the next attempt
    client.once('end', () => this.#later());
    client.on('notification', ({ channel, payload = '' }) => {
      for (const { heard } of this.#listeners.get(channel) ?? []) heard(payload);
    });
    try {
      await client.connect();
      for (const channel of this.#listeners.keys())
        await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      this.#pause = FIRST_PAUSE_MS;
      for (const listeners of this.#listeners.values()) for (const { missed } of listeners) missed();
    } catch {
      await client.end().catch(ignore);
      this.#later();
    }
  }

  #later(): void {
    if (this.#closed) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#connect(), this.#pause);
    this.#retry.unref();
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
  }
}

const ignore = (): undefined => undefined;
