import { Button } from '@bigcommerce/big-design';
import { ExpandLessIcon, ExpandMoreIcon } from '@bigcommerce/big-design-icons';
import { theme } from '@bigcommerce/big-design-theme';
import { type ReactNode, useId } from 'react';
import styled from 'styled-components';
import { Stack } from './layout.js';

/** The button's text stands in line with what is below it. */
const Flush = styled.div`
  margin-left: -${theme.spacing.medium};
  & > .bd-button { text-align: left; }
`;

/** Something that is only seen when it is asked for. BigDesign's own says its title twice to those who hear it. */
export function Disclosure(props: {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
  readonly children: ReactNode;
}) {
  const { title, isOpen, onToggle, children } = props;
  const id = useId();
  return (
    <Stack>
      <Flush>
        <Button
          aria-controls={id}
          aria-expanded={isOpen}
          iconRight={isOpen ? <ExpandLessIcon /> : <ExpandMoreIcon />}
          mobileWidth="auto"
          onClick={() => onToggle(!isOpen)}
          type="button"
          variant="subtle"
        >
          {title}
        </Button>
      </Flush>
      <div hidden={!isOpen} id={id}>
        {isOpen && children}
      </div>
    </Stack>
  );
}
