"""What the database itself keeps up to date with what it sums up, by triggers (migration 0018).

Whoever writes a stance, a reaction or a position writes these in the same transaction.
"""

from datetime import date as Day

from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.schema.base import Base, Code

UNDATED = Day(1, 1, 1)
"""The month of records without a date."""


class MonthCountRow(Base):
    """How many records of a kind are published, by the month (its first day) of their date."""

    __tablename__ = "month_counts"
    record: Mapped[str] = mapped_column(Code, primary_key=True)
    month: Mapped[Day] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(Code, primary_key=True)
    number: Mapped[int]


class PositionVersionRow(Base):
    """A number for each company that rises whenever its positions are written."""

    __tablename__ = "position_versions"
    company_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
