# The words of the case engine. Names of states and actions stand in the city's workflows/*.toml.

cases-clock-waiting = The term has not begun
cases-clock-running = The term is running
cases-clock-paused = The term is paused
cases-clock-stopped = The term has ended

cases-step-open = Handed in
cases-step-assign = Assigned
cases-step-take = Taken on
cases-step-unassign = Put back

cases-late = Overdue
cases-due-soon = Due soon
cases-in-time = On time
cases-no-due = No due date
cases-unassigned = Not assigned
cases-by-system = System

cases-need-paid = the fee is paid
cases-need-result = the result is ready
