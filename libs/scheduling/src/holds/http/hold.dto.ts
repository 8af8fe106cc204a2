import { AppointmentView } from '../../http/appointment.dto.js';

export class HoldView {
  /** Also the id of the appointment it becomes. */
  id!: string;

  /** From then on the time is free again, and confirming is refused. */
  expiresAt!: Date;

  appointment!: AppointmentView;
}
