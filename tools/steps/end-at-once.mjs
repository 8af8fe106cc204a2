// Loaded into jest and its workers. Jest calls a worker leaking that is not gone half a second after its last test; one with
// nothing left open still needs longer, because Node takes its heap of a gigabyte down piece by piece. One with something
// open never comes here, and is still reported.
if (process.send) process.once('beforeExit', () => process.exit());
