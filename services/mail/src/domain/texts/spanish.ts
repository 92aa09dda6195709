import type { Texts } from '../wording.ts';

export const SPANISH: Texts = {
  footer: '{service} ha enviado este mensaje porque alguien introdujo tu dirección.',
  verify_email: {
    subject: 'Confirma tu dirección de correo para {service}',
    paragraphs: [
      '¡Te damos la bienvenida! Confirma que esta dirección es tuya y tu cuenta estará lista.',
      'El enlace funciona una sola vez, durante {hours} horas. Si no te has registrado, ignora este mensaje: no se creará ninguna cuenta.',
    ],
    button: 'Confirmar dirección',
  },
  already_member: {
    subject: 'Ya tienes una cuenta en {service}',
    paragraphs: [
      'Alguien, probablemente tú, ha intentado registrarse con esta dirección. Ya tiene una cuenta y no se ha cambiado nada.',
      'Inicia sesión o, si has olvidado tu contraseña, elige allí una nueva.',
    ],
    button: 'Iniciar sesión',
  },
  reset_password: {
    subject: 'Elige una contraseña nueva para {service}',
    paragraphs: [
      'Has pedido una contraseña nueva. El enlace funciona una sola vez, durante {minutes} minutos.',
      'Si no la has pedido, ignora este mensaje: tu contraseña no cambia.',
    ],
    button: 'Elegir una contraseña nueva',
  },
  no_account: {
    subject: 'No hay ninguna cuenta con esta dirección en {service}',
    paragraphs: [
      'Alguien, probablemente tú, ha pedido una contraseña nueva para esta dirección. Aquí no tiene cuenta. ¿Te registraste con otra dirección?',
      'Si no has sido tú, ignora este mensaje.',
    ],
    button: 'Registrarse',
  },
  confirm_email: {
    subject: 'Confirma tu nueva dirección de correo para {service}',
    paragraphs: [
      'Confirma que esta dirección es tuya y tu cuenta la usará a partir de entonces.',
      'El enlace funciona una sola vez, durante {hours} horas. Si no lo has pedido, ignora este mensaje.',
    ],
    button: 'Confirmar dirección',
  },
  email_changed: {
    subject: 'Tu dirección de correo en {service} ha cambiado',
    paragraphs: [
      'Tu cuenta usa ahora la dirección {email}. Este es el último mensaje a la anterior.',
      'Si no has sido tú, escríbenos enseguida.',
    ],
  },
  password_changed: {
    subject: 'Tu contraseña en {service} ha cambiado',
    paragraphs: [
      'Se ha cambiado tu contraseña y se ha cerrado la sesión en todos los demás dispositivos.',
      'Si no has sido tú, elige una contraseña nueva enseguida.',
    ],
  },
  passkey_added: {
    subject: 'Se ha añadido una clave de acceso a tu cuenta en {service}',
    paragraphs: [
      'A partir de ahora, la nueva clave de acceso permite iniciar sesión en tu cuenta.',
      'Si no has sido tú, elimínala en tu cuenta y cambia tu contraseña.',
    ],
  },
};
