// Does package-lock.json give exactly what package.json asks for? Asked of the files alone: comparing with what an install
// writes would fail whenever the registry has gained or lost another platform's optional binary.
import { readFileSync } from 'node:fs';

const read = (name) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));
const manifest = read('package.json');
const { packages } = read('package-lock.json');

const wrong = ['dependencies', 'devDependencies'].flatMap((group) =>
  Object.entries({ ...packages[''][group], ...manifest[group] })
    .filter(
      ([name, wanted]) =>
        manifest[group][name] !== wanted ||
        packages[''][group][name] !== wanted ||
        packages[`node_modules/${name}`]?.version !== wanted,
    )
    .map(([name, wanted]) => `${name} ${wanted}`),
);

if (wrong.length > 0) {
  console.error(`package-lock.json does not give: ${wrong.join(', ')}. Run npm install and commit the lock.`);
  process.exitCode = 1;
}
