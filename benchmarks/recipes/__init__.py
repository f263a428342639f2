"""What the rows of the tables measure: functions that prepare a round."""
