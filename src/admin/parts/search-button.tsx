import { Button, Input } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import { type KeyboardEvent, type ReactElement, useEffect, useId, useRef, useState } from 'react';
import styled from 'styled-components';

const { colors, spacing, borderRadius, typography } = theme;

const Wrapper = styled.div`
  position: relative;
`;

const Popup = styled.div`
  background: ${colors.white};
  border: 1px solid ${colors.secondary30};
  border-radius: ${borderRadius.normal};
  box-shadow: 0 2px 8px rgb(0 0 0 / 16%);
  margin-top: ${spacing.xxSmall};
  padding: ${spacing.xSmall};
  position: absolute;
  right: 0;
  text-align: left;
  width: min(22rem, calc(100vw - 6rem));
  z-index: 5;
  & > p { margin: ${spacing.xSmall}; }
`;

const List = styled.ul`
  list-style: none;
  margin: ${spacing.xSmall} 0 0;
  max-height: 16rem;
  overflow-y: auto;
  padding: 0;
`;

const Item = styled.li`
  cursor: pointer;
  padding: ${spacing.xSmall};
  & > span {
    color: ${colors.secondary60};
    display: block;
    font-size: ${typography.fontSize.small};
  }
  &:hover { background: ${colors.secondary10}; }
  &[aria-selected='true'] { background: ${colors.primary10}; box-shadow: inset 3px 0 0 ${colors.primary40}; }
`;

/** One thing that is offered. */
export interface SearchItem {
  readonly content: string;
  /** Different from those of all others. */
  readonly description: string;
  readonly onChoose: () => void;
}

/** A button that offers many things: a box to search them, and what is found below it. The focus stays in the box. */
export function SearchButton(props: {
  readonly label: string;
  readonly icon: ReactElement;
  readonly items: readonly SearchItem[];
  readonly searchLabel: string;
  /** What stands in place of items when nothing is found. */
  readonly noneText: string;
}) {
  const { label, icon, items, searchLabel, noneText } = props;
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const [place, setPlace] = useState(0);
  const button = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);

  const wanted = typed.trim().toLowerCase();
  const found = items.filter(({ content, description }) =>
    `${content} ${description}`.toLowerCase().includes(wanted),
  );
  const optionId = (index: number): string => `${id}-${index}`;

  useEffect(() => {
    if (isOpen) box.current?.focus();
  }, [isOpen]);
  useEffect(() => {
    if (isOpen) list.current?.children[place]?.scrollIntoView({ block: 'nearest' });
  }, [isOpen, place]);

  const open = (): void => {
    setTyped('');
    setPlace(0);
    setIsOpen(!isOpen);
  };
  const close = (): void => {
    setIsOpen(false);
    button.current?.focus();
  };
  const choose = (item: SearchItem | undefined): void => {
    item?.onChoose();
    if (item) close();
  };
  const move = (to: number): void => setPlace((to + found.length) % Math.max(found.length, 1));
  const onKeyDown = (event: KeyboardEvent): void => {
    const actions: Readonly<Record<string, () => void>> = {
      ArrowDown: () => move(place + 1),
      ArrowUp: () => move(place - 1),
      Escape: close,
      Enter: () => choose(found[place]),
    };
    const action = actions[event.key];
    if (!action || event.nativeEvent.isComposing) return;
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
        aria-expanded={isOpen}
        aria-haspopup="listbox"
        aria-label={label}
        iconOnly={icon}
        mobileWidth="auto"
        onClick={open}
        ref={button}
        type="button"
        variant="secondary"
      />
      {isOpen && (
        <Popup>
          <Input
            aria-activedescendant={found.length > 0 ? optionId(place) : undefined}
            aria-autocomplete="list"
            aria-controls={`${id}-list`}
            aria-expanded="true"
            aria-label={searchLabel}
            autoComplete="off"
            onChange={({ target }) => {
              setTyped(target.value);
              setPlace(0);
            }}
            onKeyDown={onKeyDown}
            placeholder={searchLabel}
            ref={box}
            role="combobox"
            spellCheck={false}
            value={typed}
          />
          {found.length === 0 && <p role="status">{noneText}</p>}
          {/* Whoever presses the mouse on it does not take the focus out of the box. */}
          <List
            aria-label={label}
            id={`${id}-list`}
            onMouseDown={(event) => event.preventDefault()}
            ref={list}
            role="listbox"
          >
            {found.map((item, index) => (
              <Item
                aria-selected={index === place}
                id={optionId(index)}
                key={item.description}
                onClick={() => choose(item)}
                role="option"
              >
                {item.content}
                <span>{item.description}</span>
              </Item>
            ))}
          </List>
        </Popup>
      )}
    </Wrapper>
  );
}
