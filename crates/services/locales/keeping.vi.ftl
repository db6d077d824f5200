# ── Lưu trữ ──
services-archived = Hồ sơ đã nộp lưu ngày { $at }. Hồ sơ trong lưu trữ chỉ để xem, không xử lý thêm được nữa.
services-destroyed = Giấy tờ và thông tin cá nhân trong hồ sơ này đã được tiêu hủy ngày { $at } do hết thời hạn bảo quản, theo { $by }. Mã hồ sơ, thủ tục, cơ quan giải quyết và các mốc thời gian vẫn được giữ.
services-destroyed-name = (đã tiêu hủy)
services-destroyed-paper = đã tiêu hủy
