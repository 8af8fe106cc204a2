export { CoursesRepository } from './courses/courses.repository.js';
export { MendReturnCourses } from './courses/mend-courses.job.js';
export { ForgetReportDocuments } from './documents/forget-documents.job.js';
export { MakeReportDocument } from './documents/make-document.job.js';
export { ReportsModule } from './reports.module.js';
