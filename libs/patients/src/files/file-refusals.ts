import { FileStoreUnavailable } from '#files';

import { PatientMerged, PatientNotFound } from '../domain/patients.errors.js';
import { EnteredInErrorNotShown, FileGone, FileTypeRefused, FileUnreadable } from './files.errors.js';

/** What keeping a file for a patient can refuse. */
export const OF_KEEPING_A_FILE = [
  PatientNotFound,
  PatientMerged,
  FileStoreUnavailable,
  FileTypeRefused,
  FileUnreadable,
];

/** What showing a kept file can refuse. */
export const OF_SHOWING_A_FILE = [EnteredInErrorNotShown, FileGone, FileStoreUnavailable];
