export class ReadinessView {
  /** @example ok */
  status!: string;
}
