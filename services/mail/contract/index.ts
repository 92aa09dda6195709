export * from './mail_pb.ts';
export { TEMPLATES, type TemplateId } from './templates.ts';
