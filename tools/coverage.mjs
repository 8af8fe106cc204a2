// `node tools/coverage.mjs`, after a build: how often the 95 % intervals of the return probability hold the truth over a
// thousand simulated clinics, and how far the usual division is off.
import { simulateClinics } from '../dist/libs/reports/src/domain/statistics/simulated-clinics.js';

const percent = (share) => `${(share * 100).toFixed(1)} %`;

for (const [areas, seed] of [
  [1, 2026],
  [2, 2027],
]) {
  const { clinics, truth, kaplanMeier, clustered, naive } = simulateClinics(1000, 150, areas, seed);
  console.log(
    `\n${clinics} clinics of 150 patients, ${areas} area${areas > 1 ? 's' : ''} a visit; truth ${percent(truth)} back within 180 days`,
  );
  console.log(
    `  Kaplan–Meier   mean ${percent(kaplanMeier.mean)}, interval holds the truth in ${percent(kaplanMeier.coverage)}`,
  );
  console.log(`  clustered      interval holds the truth in ${percent(clustered.coverage)}`);
  console.log(`  usual division mean ${percent(naive.mean)}, bias ${percent(naive.bias)}`);
}
