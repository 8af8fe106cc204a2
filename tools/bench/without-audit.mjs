// Loaded before the API when the cost of the audit trail is measured: its rows are left out. Nothing like it is in the product.
import { Tx } from '../../dist/libs/database/src/tx.js';

const send = Reflect.get(Tx.prototype, 'later');
Tx.prototype.later = function later(statement, values) {
  if (!statement.text.includes('INSERT INTO audit_event')) send.call(this, statement, values);
};
