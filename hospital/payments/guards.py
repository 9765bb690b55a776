"""What PostgreSQL itself refuses to do with money, whoever asks."""

import pgtrigger

from hospital.kernel.lifecycle import Lifecycle


def lifecycle(table: Lifecycle) -> pgtrigger.FSM:
    """A state changes along the table, or not at all."""
    return pgtrigger.FSM(name="lifecycle", field="state", transitions=table.edges)


def append_only() -> pgtrigger.Protect:
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


def proof_stays() -> pgtrigger.Trigger:
    """The gateway's word for a payment is written once; a promise to give back stays."""
    return pgtrigger.Trigger(
        name="proof_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__transaction_id__isnull=False),
        func="""
            IF (OLD.transaction_id, OLD.paid_at) IS DISTINCT FROM (NEW.transaction_id, NEW.paid_at)
               OR NEW.refunded_fen < OLD.refunded_fen
            THEN RAISE EXCEPTION 'charge %: the proof of a payment stays', OLD.trade_no;
            END IF;
            RETURN NEW;
        """,
    )


def refunds_within_captured() -> pgtrigger.Trigger:
    """Locks the charge, so that two refunds at once are counted one after the other."""
    return pgtrigger.Trigger(
        name="within_captured",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("captured", "integer"), ("promised", "bigint")],
        func="""
            SELECT amount_fen INTO captured FROM payments_charge
             WHERE id = NEW.charge_id AND state = 'paid' FOR UPDATE;
            SELECT coalesce(sum(amount_fen), 0) INTO promised FROM payments_refund
             WHERE charge_id = NEW.charge_id;
            IF captured IS NULL OR promised + NEW.amount_fen > captured
            THEN RAISE EXCEPTION 'refund %: more than was captured', NEW.refund_no
                 USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def posting_sums_to_zero() -> pgtrigger.Trigger:
    """Looked at when the transaction commits: both sides of a posting stand, and they are equal."""
    return pgtrigger.Trigger(
        name="sums_to_zero",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        func="""
            IF (SELECT sum(amount_fen) FROM payments_entry WHERE posting = NEW.posting) <> 0
            THEN RAISE EXCEPTION 'posting %: the sides differ', NEW.posting
                 USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        """,
    )
