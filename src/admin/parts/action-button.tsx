import { Button } from '@bigcommerce/big-design';

/** A button that is told of by its name also while it is busy, when BigDesign hides what stands on it. */
export function ActionButton(props: {
  readonly label: string;
  readonly isBusy?: boolean;
  readonly isDisabled?: boolean;
  readonly isDestructive?: boolean;
  /** What it does. Without, it sends the form that it is in. */
  readonly onClick?: () => void;
}) {
  const { label, isBusy = false, isDisabled = false, isDestructive = false, onClick } = props;
  return (
    <Button
      actionType={isDestructive ? 'destructive' : 'normal'}
      aria-label={isBusy ? label : undefined}
      disabled={isDisabled}
      isLoading={isBusy}
      mobileWidth="auto"
      onClick={onClick}
      type={onClick ? 'button' : 'submit'}
      variant="secondary"
    >
      {label}
    </Button>
  );
}
