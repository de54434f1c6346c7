-- Each index of a bill costs every bill, and nobody asks for bills by their last day.

DROP INDEX bill_by_day;
