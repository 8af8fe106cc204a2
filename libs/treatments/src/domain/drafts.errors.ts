import { refusal } from '#kernel';

export class FillAmbiguous extends refusal({
  code: 'fill_ambiguous',
  kind: 'bad-input',
  title:
    'A draft is filled from one source: a template, a treatment, or the last one; or charted by its injections',
}) {}

export class FillSourceNotFound extends refusal({
  code: 'fill_source_not_found',
  kind: 'not-found',
  title: 'There is no such template of yours, or no such signed treatment of this patient',
}) {}

export class FillLotsMismatch extends refusal({
  code: 'fill_lots_mismatch',
  kind: 'rule',
  title: 'Name one lot of each product the points are of',
}) {}

export class TemplateNotFound extends refusal({
  code: 'template_not_found',
  kind: 'not-found',
  title: 'You have no such template',
}) {}

export class TemplateNameTaken extends refusal({
  code: 'template_name_taken',
  kind: 'conflict',
  title: 'You have a template of this name already',
}) {}
