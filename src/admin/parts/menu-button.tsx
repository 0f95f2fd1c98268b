import { Button } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import { type KeyboardEvent, type ReactElement, useEffect, useId, useRef, useState } from 'react';
import styled from 'styled-components';

const { colors, spacing, borderRadius, typography } = theme;

const Wrapper = styled.div`
  position: relative;
`;

const Menu = styled.ul`
  background: ${colors.white};
  border: 1px solid ${colors.secondary30};
  border-radius: ${borderRadius.normal};
  box-shadow: 0 2px 8px rgb(0 0 0 / 16%);
  list-style: none;
  margin: ${spacing.xxSmall} 0 0;
  max-height: 18rem;
  overflow-y: auto;
  padding: ${spacing.xSmall} 0;
  position: absolute;
  right: 0;
  text-align: left;
  width: min(18rem, calc(100vw - 6rem));
  z-index: 5;
`;

const Item = styled.li`
  cursor: pointer;
  padding: ${spacing.xSmall} ${spacing.medium};
  & > span {
    color: ${colors.secondary60};
    display: block;
    font-size: ${typography.fontSize.small};
  }
  &:hover, &:focus { background: ${colors.secondary10}; outline: none; }
  &:focus { box-shadow: inset 3px 0 0 ${colors.primary40}; }
`;

/** One thing that a menu offers. */
export interface MenuItem {
  readonly content: string;
  readonly description: string;
  readonly onChoose: () => void;
}

/** A button that offers a few things. BigDesign's menu has roles that contradict each other, which axe finds. */
export function MenuButton(props: {
  readonly label: string;
  readonly icon: ReactElement;
  readonly items: readonly MenuItem[];
}) {
  const { label, icon, items } = props;
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLUListElement>(null);

  const focusItem = (index: number): void => {
    const entries = [...(menu.current?.querySelectorAll('li') ?? [])];
    entries.at(index % entries.length)?.focus();
  };
  useEffect(() => {
    if (isOpen) menu.current?.querySelector('li')?.focus();
  }, [isOpen]);

  const close = (): void => {
    setIsOpen(false);
    button.current?.focus();
  };
  const choose = (item: MenuItem): void => {
    item.onChoose();
    close();
  };
  const onKeyDown = (event: KeyboardEvent, item: MenuItem, index: number): void => {
    const actions: Readonly<Record<string, () => void>> = {
      ArrowDown: () => focusItem(index + 1),
      ArrowUp: () => focusItem(index - 1),
      Home: () => focusItem(0),
      End: () => focusItem(-1),
      Escape: close,
      Enter: () => choose(item),
      ' ': () => choose(item),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };

  return (
    <Wrapper
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) setIsOpen(false);
      }}
    >
      <Button
        aria-controls={isOpen ? id : undefined}
        aria-expanded={isOpen}
        aria-haspopup="menu"
        aria-label={label}
        iconOnly={icon}
        mobileWidth="auto"
        onClick={() => setIsOpen(!isOpen)}
        ref={button}
        type="button"
        variant="secondary"
      />
      {isOpen && (
        <Menu aria-label={label} id={id} ref={menu} role="menu">
          {items.map((item, index) => (
            <Item
              key={item.description}
              onClick={() => choose(item)}
              onKeyDown={(event) => onKeyDown(event, item, index)}
              role="menuitem"
              tabIndex={index === 0 ? 0 : -1}
            >
              {item.content}
              <span>{item.description}</span>
            </Item>
          ))}
        </Menu>
      )}
    </Wrapper>
  );
}
