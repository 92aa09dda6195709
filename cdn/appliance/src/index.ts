export { appliance } from './service.ts';
export type { ApplianceSettings } from './config.ts';
export { nginxConfiguration, type NginxSettings } from './nginx/configuration.ts';
