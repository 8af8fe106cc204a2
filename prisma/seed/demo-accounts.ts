export const DEMO_PASSWORD = 'revisit-demo-2026';

/** The sign-ins of the demo clinics, as `npm start` prints them. */
export const demoAccounts = [
  { role: 'Receptionist', email: 'desk@harley.example', password: DEMO_PASSWORD },
  { role: 'Practitioner (prescriber)', email: 'okafor@harley.example', password: DEMO_PASSWORD },
  { role: 'Practitioner (nurse)', email: 'nurse@harley.example', password: DEMO_PASSWORD },
  { role: 'Admin', email: 'admin@harley.example', password: DEMO_PASSWORD },
  { role: 'Another clinic’s admin', email: 'admin@soho-ny.example', password: DEMO_PASSWORD },
] as const;
