import { Button } from '@bigcommerce/big-design';
import type { ReactNode } from 'react';
import { ModalBox } from './modal-box.js';

/** Asks something before anything else goes on. */
export function Dialog(props: {
  readonly header: string;
  readonly confirm: string;
  readonly cancel: string;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}) {
  const { header, confirm, cancel, onConfirm, onCancel, children } = props;
  return (
    <ModalBox
      actions={
        <>
          <Button mobileWidth="auto" onClick={onCancel} type="button" variant="subtle">
            {cancel}
          </Button>
          <Button mobileWidth="auto" onClick={onConfirm} type="button">
            {confirm}
          </Button>
        </>
      }
      header={header}
      onClose={onCancel}
    >
      {children}
    </ModalBox>
  );
}
