/**
 * Calls `stop` once the process that started this one is gone: npm, told to end, ends its shell but not us.
 * @param {() => void} stop
 */
export function whenAbandoned(stop) {
  process.on('disconnect', stop);
  if (process.channel) process.channel.unref();
  // Outside npm a parent may well end before us, as with nohup.
  if (!process.env['npm_lifecycle_event']) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop();
  }, 300);
  watch.unref();
}
