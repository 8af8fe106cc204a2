import { ConsentMissing } from '../treatments.errors.js';
import { DoseFindingsOpen, DoseNeedsPrescriber } from './dose.errors.js';
import type { DoseFinding } from './dose-finding.js';

/** Who took responsibility for a finding, and why. */
export interface Acceptance {
  readonly by: string;
  readonly byPrescriber: boolean;
  readonly reason: string | null;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

/** Marks the findings whose codes are accepted by this person. @throws DoseNeedsPrescriber */
export function accept<
  Finding extends Pick<DoseFinding, 'code' | 'severity'> & { accepted: Acceptance | null },
>(findings: readonly Finding[], codes: readonly string[], acceptance: Acceptance): Finding[] {
  return findings.map((finding) => {
    if (finding.accepted !== null || finding.severity === 'note' || !codes.includes(finding.code))
      return finding;
    if (
      finding.severity === 'prescriber-decision' &&
      (!acceptance.byPrescriber || acceptance.reason === null)
    ) {
      throw new DoseNeedsPrescriber({ finding: finding.code });
    }
    return { ...finding, accepted: acceptance };
  });
}

/** Refuses while a finding that asks for it was accepted by nobody. @throws DoseFindingsOpen */
export function assertAccepted(
  findings: readonly (Pick<DoseFinding, 'code' | 'flag' | 'severity' | 'area'> & {
    accepted: Acceptance | null;
  })[],
): void {
  const open = findings.filter(({ severity, accepted }) => severity !== 'note' && accepted === null);
  if (open.length === 0) return;
  throw new DoseFindingsOpen({
    findings: open.map(({ code, flag, severity, area }) => ({ code, flag, severity, area })),
  });
}

/** Areas used off label without the patient's consent; a finding about a whole session wants it for one of its areas. */
export function areasWithoutConsent(
  findings: readonly Pick<DoseFinding, 'offLabel' | 'area' | 'product'>[],
  injected: readonly { readonly product: string; readonly area: string }[],
  consented: readonly string[],
): string[] {
  const areas = new Set<string>();
  for (const { offLabel, area, product } of findings) {
    if (!offLabel) continue;
    const concerned =
      area === null ? injected.filter((one) => one.product === product).map((one) => one.area) : [area];
    const [first] = concerned;
    if (first !== undefined && !concerned.some((one) => consented.includes(one))) areas.add(first);
  }
  return [...areas];
}

/** Off-label use wants the patient's consent. @throws ConsentMissing */
export function assertConsented(...off: Parameters<typeof areasWithoutConsent>): void {
  const areas = areasWithoutConsent(...off);
  if (areas.length > 0) throw new ConsentMissing({ kind: 'off-label', areas });
}
