export * from './domain/patients.errors.js';
export type { Patient, PatientContact } from './http/patient.dto.js';
export * from './patients.module.js';
export * from './patients.ports.js';
export * from './patients.repository.js';
export * from './patients.service.js';
