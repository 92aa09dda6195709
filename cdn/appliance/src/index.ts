export { appliance } from './service.ts';
export { findJsModule, type ApplianceSettings } from './config.ts';
export { grantsFolderOf, nginxConfiguration, tokenCheckSettings, type NginxSettings } from './nginx/configuration.ts';
export { TOKEN_CHECK_FILE } from './nginx/byte-server.ts';
