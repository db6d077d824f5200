# Lời của bộ máy xử lý hồ sơ. Tên trạng thái và thao tác nằm trong workflows/*.toml của thành phố.

cases-clock-waiting = Chưa tính thời hạn
cases-clock-running = Đang tính thời hạn
cases-clock-paused = Tạm dừng tính thời hạn
cases-clock-stopped = Đã dừng tính thời hạn

cases-step-open = Nộp hồ sơ
cases-step-assign = Phân công xử lý
cases-step-take = Nhận việc
cases-step-unassign = Trả lại việc

cases-late = Quá hạn
cases-due-soon = Sắp đến hạn
cases-in-time = Đúng hạn
cases-no-due = Không có thời hạn
cases-unassigned = Chưa phân công
cases-by-system = Hệ thống

cases-need-paid = đã nộp phí, lệ phí
cases-need-result = đã có kết quả
