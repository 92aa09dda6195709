import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Icon, type IconName } from '../design/icon.tsx';
import type { Choice } from './tracks.ts';

type ChoiceMenuProps = { icon: IconName; label: string; choices: readonly Choice[]; choose: (key: string) => void };

/** A button with a menu of which one thing is chosen (WAI-ARIA APG, menu button with menuitemradio). */
export function ChoiceMenu({ icon, label, choices, choose }: ChoiceMenuProps): ReactNode {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const menuId = useId();

  // Before anything else happens: the next key already belongs to the menu.
  useLayoutEffect(() => {
    if (!open) return;
    const items = itemsOf(menu.current);
    (items.find((item) => item.ariaChecked === 'true') ?? items[0])?.focus();
  }, [open]);

  useEffect(() => {
    if (!open) return undefined;
    const outside = (event: PointerEvent): void => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);

  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const onMenuKey = (event: KeyboardEvent): void => {
    if (event.key === 'Tab') return setOpen(false);
    const target = focusTarget(event.key, itemsOf(menu.current));
    if (event.key !== 'Escape' && target === undefined) return undefined;
    event.preventDefault();
    // Otherwise the player would seek or change the volume as well.
    event.nativeEvent.stopImmediatePropagation();
    if (event.key === 'Escape') close();
    else target?.focus();
    return undefined;
  };

  return (
    <div className="choice" ref={root}>
      <button
        ref={button}
        type="button"
        className="icon-button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? menuId : undefined}
        onClick={() => setOpen(!open)}
      >
        <Icon name={icon} />
      </button>
      {open ? (
        <div id={menuId} ref={menu} role="menu" tabIndex={-1} aria-label={label} className="choice-menu" onKeyDown={onMenuKey}>
          <p aria-hidden="true">{label}</p>
          {choices.map((choice) => (
            <button
              key={choice.key}
              type="button"
              role="menuitemradio"
              aria-checked={choice.active}
              tabIndex={-1}
              onClick={() => {
                choose(choice.key);
                close();
              }}
            >
              <Icon name="check" />
              {choice.label}
            </button>
          ))}
        </div>
      ) : null}
    </div>
  );
}

function itemsOf(menu: HTMLElement | null): HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>('[role="menuitemradio"]') ?? [])];
}

/** Where an arrow, Home or End leads; undefined for other keys. */
function focusTarget(key: string, items: readonly HTMLElement[]): HTMLElement | undefined {
  const at = items.findIndex((item) => item === document.activeElement);
  if (key === 'ArrowDown') return items[(at + 1) % items.length];
  if (key === 'ArrowUp') return items.at(at <= 0 ? -1 : at - 1);
  if (key === 'Home') return items[0];
  if (key === 'End') return items.at(-1);
  return undefined;
}
