// A process of its own that keeps N connections busy, each with one request at a time. Plain sockets, and requests made
// beforehand: on two cores whatever the generator computes is taken from the servers.
import { connect } from 'node:net';
import { SCENARIOS, wire } from './scenarios.mjs';

const HEADER_END = Buffer.from('\r\n\r\n');

process.on('message', (job) => void work(job));

async function work({ scenario, today, port, connections, seconds, first, prepared }) {
  const { request } = SCENARIOS[scenario];
  const requests = Array.from({ length: prepared }, (_, i) => Buffer.from(wire(request(today, first + i))));
  const result = await run({ requests, port, connections, seconds, repeat: scenario !== 'book' });
  process.send?.(result);
}

/** @returns ops/s over the time measured, latencies in ms, and how often which status other than 2xx came */
async function run({ requests, port, connections, seconds, repeat }) {
  let next = 0;
  let stopped = false;
  const latencies = [];
  const failures = {};
  const take = () => {
    if (next === requests.length && !repeat) throw new Error('Too few requests were prepared');
    const one = requests[next % requests.length];
    next += 1;
    return one;
  };
  const began = performance.now();
  const asking = Array.from({ length: connections }, () =>
    keepAsking(
      port,
      take,
      () => stopped,
      (status, ms) => {
        latencies.push(ms);
        if (status < 200 || status > 299) failures[status] = (failures[status] ?? 0) + 1;
      },
    ),
  );
  setTimeout(() => (stopped = true), seconds * 1000);
  await Promise.all(asking);
  const elapsed = (performance.now() - began) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return { perSecond: latencies.length / elapsed, p50: at(0.5), p99: at(0.99), sent: next, failures };
}

function keepAsking(port, take, stopped, answered) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let sentAt = 0;
    let chunks = [];
    let size = 0;
    let awaited = Infinity;
    let status = 0;
    const ask = () => {
      [chunks, size, awaited] = [[], 0, Infinity];
      sentAt = performance.now();
      socket.write(take());
    };
    socket.on('connect', ask);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('The server closed a connection')));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      if (awaited === Infinity) {
        const head = chunks.length === 1 ? chunk : Buffer.concat(chunks);
        const end = head.indexOf(HEADER_END);
        if (end < 0) return;
        const text = head.toString('latin1', 0, end);
        status = Number(text.slice(9, 12));
        awaited = end + HEADER_END.length + Number(/content-length: (\d+)/i.exec(text)?.[1]);
      }
      if (size < awaited) return;
      answered(status, performance.now() - sentAt);
      if (!stopped()) return ask();
      socket.removeAllListeners('close');
      socket.end();
      resolve(undefined);
    });
  });
}
